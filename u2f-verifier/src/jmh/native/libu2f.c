/*
 * Debian's libu2f-server on the messages of a file: parses the same U2F JSON and checks type, challenge, origin and
 * signature; the presence and the counter are compared here. Prints operations per second of the process's CPU time.
 *
 *   libu2f registration|authentication FILE SECONDS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <u2f-server/u2f-server.h>

#define ORIGIN "https://example.com"
#define MAX 65536

struct message {
  char *challenge, *key_handle, *response;
  unsigned char public_key[U2FS_PUBLIC_KEY_LEN];
  uint32_t counter;
  u2fs_ctx_t *ctx;
};

static struct message messages[MAX];
static int count;

static void check(int rc, const char *what) {
  if (rc != U2FS_OK) {
    fprintf(stderr, "%s: %s\n", what, u2fs_strerror(rc));
    exit(1);
  }
}

static void load(const char *name, int registration) {
  char *line = NULL;
  size_t size = 0;
  FILE *file = fopen(name, "r");
  if (!file) {
    perror(name);
    exit(1);
  }
  while (count < MAX && getline(&line, &size, file) > 0) {
    struct message *m = &messages[count++];
    char *rest = line;
    m->challenge = strdup(strsep(&rest, "\t"));
    m->key_handle = strdup(strsep(&rest, "\t"));
    const char *hex = strsep(&rest, "\t");
    for (int i = 0; i < U2FS_PUBLIC_KEY_LEN; i++) sscanf(hex + 2 * i, "%2hhx", &m->public_key[i]);
    m->counter = strtoul(strsep(&rest, "\t"), NULL, 10);
    m->response = strdup(strsep(&rest, "\t"));
    check(u2fs_init(&m->ctx), "init");
    check(u2fs_set_origin(m->ctx, ORIGIN), "origin");
    check(u2fs_set_appid(m->ctx, ORIGIN), "application");
    check(u2fs_set_challenge(m->ctx, m->challenge), "challenge");
    if (!registration) check(u2fs_set_keyHandle(m->ctx, m->key_handle), "key handle");
  }
  free(line);
  fclose(file);
}

static void verify_registration(struct message *m) {
  u2fs_reg_res_t *result = NULL;
  check(u2fs_registration_verify(m->ctx, m->response, &result), "registration");
  u2fs_free_reg_res(result);
}

static void verify_authentication(struct message *m) {
  u2fs_auth_res_t *result = NULL;
  u2fs_rc verified;
  uint32_t counter;
  uint8_t presence;
  /* the key as a store has it */
  check(u2fs_set_publicKey(m->ctx, m->public_key), "public key");
  check(u2fs_authentication_verify(m->ctx, m->response, &result), "authentication");
  check(u2fs_get_authentication_result(result, &verified, &counter, &presence), "result");
  check(verified, "verdict");
  if (!(presence & 1) || counter != m->counter) {
    fprintf(stderr, "presence %d, counter %u, expected %u\n", presence, counter, m->counter);
    exit(1);
  }
  u2fs_free_auth_res(result);
}

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static double rate(void (*verify)(struct message *), double seconds) {
  long done = 0;
  double start = cpu_seconds(), now;
  do {
    for (int i = 0; i < 64; i++) verify(&messages[(done + i) % count]);
    done += 64;
    now = cpu_seconds();
  } while (now - start < seconds);
  return done / (now - start);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int registration = !strcmp(argv[1], "registration");
  void (*verify)(struct message *) = registration ? verify_registration : verify_authentication;
  double seconds = atof(argv[3]);
  check(u2fs_global_init(0), "global init");
  load(argv[2], registration);
  rate(verify, seconds / 4);
  printf("%.1f\n", rate(verify, seconds));
  return 0;
}
