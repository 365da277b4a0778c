/* Has libfido2 sign with a U2F key, and says how long that took. Arguments: the device, how many times. */
#include <fido.h>
#include <fido/es256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned char hash[32];

static void must(int code, const char *what) {
  if (code != FIDO_OK) {
    fprintf(stderr, "libfido2: %s: %s\n", what, fido_strerr(code));
    exit(1);
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void sign(fido_dev_t *dev, const unsigned char *id, size_t length) {
  fido_assert_t *assert = fido_assert_new();
  hash[0]++;
  must(fido_assert_set_clientdata_hash(assert, hash, sizeof hash), "hash");
  must(fido_assert_set_rp(assert, "example.com"), "site");
  must(fido_assert_allow_cred(assert, id, length), "credential");
  must(fido_dev_get_assert(dev, assert, NULL), "sign");
  if (fido_assert_sig_len(assert, 0) == 0)
    exit(1);
  fido_assert_free(&assert);
}

int main(int argc, char **argv) {
  (void)argc;
  fido_init(0);
  fido_dev_t *dev = fido_dev_new();
  must(fido_dev_open(dev, argv[1]), "open");
  fido_cred_t *cred = fido_cred_new();
  must(fido_cred_set_type(cred, COSE_ES256), "type");
  must(fido_cred_set_clientdata_hash(cred, hash, sizeof hash), "hash");
  must(fido_cred_set_rp(cred, "example.com", "example"), "site");
  must(fido_cred_set_user(cred, hash, 1, "user", "user", NULL), "user");
  must(fido_dev_make_cred(dev, cred, NULL), "register");
  int count = atoi(argv[2]);
  double start = 0;
  for (int i = 0; i < 2 * count; i++) {
    if (i == count)
      start = now();
    sign(dev, fido_cred_id_ptr(cred), fido_cred_id_len(cred));
  }
  printf("libfido2 %.3f ms\n", (now() - start) / count);
  fido_dev_close(dev);
  return 0;
}
