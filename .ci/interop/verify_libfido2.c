/* Verifies the messages that rounds.py and tester.pl wrote with libfido2; reads them on standard input. */
#include <fido.h>
#include <fido/es256.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX = 4096 };

typedef struct {
  unsigned char bytes[MAX];
  size_t length;
} data_t;

static unsigned number;
static char line[4 * MAX], fields[4 * MAX];

static void fail(const char *what, int got) {
  fprintf(stderr, "libfido2, line %u: %s%s%s\n%s", number, what, got ? ": " : "", got ? fido_strerr(got) : "", line);
  exit(1);
}

static void must(int got) {
  if (got != FIDO_OK) fail("libfido2 does not take a part of the message", got);
}

static const char *next_field(char *start) {
  const char *field = strtok(start, " \n");
  if (!field) fail("a field is missing", 0);
  return field;
}

static void read_hex(data_t *data) {
  const char *text = next_field(NULL);
  data->length = strlen(text) / 2;
  if (data->length > MAX) fail("a field is too long", 0);
  for (size_t i = 0; i < data->length; i++)
    if (sscanf(text + 2 * i, "%2hhx", &data->bytes[i]) != 1) fail("a field is not hexadecimal", 0);
}

static void append(data_t *data, const void *bytes, size_t length) {
  memcpy(data->bytes + data->length, bytes, length);
  data->length += length;
}

/* What a WebAuthn client would make of a registration. */
static int registration(const char *app_id, const data_t *client_data, const data_t *message) {
  static const unsigned char flags_and_counter[] = {0x41, 0, 0, 0, 0}, aaguid[16], x[] = {0x21, 0x58, 0x20},
      y[] = {0x22, 0x58, 0x20}, cose[] = {0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01};
  const unsigned char *m = message->bytes, *handle = m + 67, *certificate = handle + m[66];
  size_t left = message->length, certificate_length;
  if (left < 67 || left < 67u + m[66] + 4 || m[0] != 5 || certificate[1] != 0x82) fail("not a registration", 0);
  certificate_length = 4 + 256u * certificate[2] + certificate[3];
  left -= 67u + m[66];
  if (certificate_length >= left) fail("the certificate is longer than the message", 0);

  data_t auth_data = {.length = SHA256_DIGEST_LENGTH};
  SHA256((const unsigned char *)app_id, strlen(app_id), auth_data.bytes);
  append(&auth_data, flags_and_counter, sizeof flags_and_counter);
  append(&auth_data, aaguid, sizeof aaguid);
  append(&auth_data, "", 1);
  append(&auth_data, m + 66, 1u + m[66]);
  append(&auth_data, cose, sizeof cose);
  append(&auth_data, x, sizeof x);
  append(&auth_data, m + 2, 32);
  append(&auth_data, y, sizeof y);
  append(&auth_data, m + 34, 32);

  fido_cred_t *cred = fido_cred_new();
  must(fido_cred_set_type(cred, COSE_ES256));
  must(fido_cred_set_fmt(cred, "fido-u2f"));
  must(fido_cred_set_rp(cred, app_id, NULL));
  must(fido_cred_set_clientdata(cred, client_data->bytes, client_data->length));
  must(fido_cred_set_authdata_raw(cred, auth_data.bytes, auth_data.length));
  must(fido_cred_set_x509(cred, certificate, certificate_length));
  must(fido_cred_set_sig(cred, certificate + certificate_length, left - certificate_length));
  int got = fido_cred_verify(cred);
  fido_cred_free(&cred);
  return got;
}

static int authentication(const char *app_id, const data_t *client_data, const data_t *message, const data_t *key) {
  data_t auth_data = {.length = SHA256_DIGEST_LENGTH};
  if (message->length < 6) fail("not an authentication", 0);
  SHA256((const unsigned char *)app_id, strlen(app_id), auth_data.bytes);
  append(&auth_data, message->bytes, 5);

  es256_pk_t *pk = es256_pk_new();
  must(es256_pk_from_ptr(pk, key->bytes, key->length));
  fido_assert_t *assertion = fido_assert_new();
  must(fido_assert_set_rp(assertion, app_id));
  must(fido_assert_set_up(assertion, FIDO_OPT_TRUE));
  must(fido_assert_set_clientdata(assertion, client_data->bytes, client_data->length));
  must(fido_assert_set_count(assertion, 1));
  must(fido_assert_set_authdata_raw(assertion, 0, auth_data.bytes, auth_data.length));
  must(fido_assert_set_sig(assertion, 0, message->bytes + 5, message->length - 5));
  int got = fido_assert_verify(assertion, 0, COSE_ES256, pk);
  fido_assert_free(&assertion);
  es256_pk_free(&pk);
  return got;
}

int main(void) {
  unsigned count[2] = {0}, refused = 0;
  fido_init(0);
  while (fgets(line, sizeof line, stdin)) {
    data_t client_data, message, key;
    number++;
    strcpy(fields, line);
    int registers = strcmp(next_field(fields), "registration") == 0;
    const char *app_id = next_field(NULL);
    read_hex(&client_data);
    read_hex(&message);
    if (!registers) read_hex(&key);
    /* a bit of the signature, of the client data, and of the key handle or the counter */
    unsigned char *flips[] = {NULL, &message.bytes[message.length - 1], &client_data.bytes[9],
                              &message.bytes[registers ? 67 : 4]};
    for (size_t i = 0; i < sizeof flips / sizeof *flips; i++) {
      if (flips[i]) *flips[i] ^= 1;
      int got = registers ? registration(app_id, &client_data, &message)
                          : authentication(app_id, &client_data, &message, &key);
      if (!flips[i] && got != FIDO_OK) fail("libfido2 refuses a good message", got);
      if (flips[i] && got != FIDO_ERR_INVALID_SIG) fail("libfido2 does not call an altered message wrong", got);
      if (flips[i]) *flips[i] ^= 1;
      refused += flips[i] != NULL;
    }
    count[registers]++;
  }
  printf("%u registrations and %u authentications verified, %u altered ones refused\n", count[1], count[0], refused);
  return 0;
}
