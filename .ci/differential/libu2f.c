/* Judges the lines that Mutants prints with libu2f-server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <u2f-server/u2f-server.h>

static u2fs_rc judge(char **field)
{
  u2fs_ctx_t *ctx;
  u2fs_rc rc = u2fs_init(&ctx);
  if (rc == U2FS_OK) rc = u2fs_set_origin(ctx, field[4]);
  if (rc == U2FS_OK) rc = u2fs_set_appid(ctx, field[3]);
  if (rc == U2FS_OK) rc = u2fs_set_challenge(ctx, field[2]);
  if (rc == U2FS_OK && strcmp(field[1], "registration") == 0) {
    u2fs_reg_res_t *result = NULL;
    rc = u2fs_registration_verify(ctx, field[7], &result);
    u2fs_free_reg_res(result);
  } else if (rc == U2FS_OK) {
    u2fs_auth_res_t *result = NULL;
    u2fs_rc verified = U2FS_FORMAT_ERROR;
    unsigned int counter;
    unsigned char presence;
    unsigned char key[65];
    for (int i = 0; i < 65; i++) {
      unsigned int byte;
      sscanf(field[6] + 2 * i, "%2x", &byte);
      key[i] = (unsigned char) byte;
    }
    rc = u2fs_set_keyHandle(ctx, field[5]);
    if (rc == U2FS_OK) rc = u2fs_set_publicKey(ctx, key);
    if (rc == U2FS_OK) rc = u2fs_authentication_verify(ctx, field[7], &result);
    if (rc == U2FS_OK) rc = u2fs_get_authentication_result(result, &verified, &counter, &presence);
    if (rc == U2FS_OK) rc = verified;
    if (rc == U2FS_OK && (presence & 1) == 0) rc = U2FS_FORMAT_ERROR; /* left to the caller */
    u2fs_free_auth_res(result);
  }
  u2fs_done(ctx);
  return rc;
}

int main(void)
{
  char *line = NULL;
  size_t size = 0;
  if (u2fs_global_init(0) != U2FS_OK) return 1;
  while (getline(&line, &size, stdin) > 0) {
    char *field[8], *rest = line;
    for (int i = 0; i < 8; i++) {
      field[i] = strsep(&rest, "\t\n");
      if (field[i] == NULL) return 1;
    }
    u2fs_rc rc = judge(field);
    printf("%s\t%s\t%s\n", field[0], rc == U2FS_OK ? "accept" : "reject", rc == U2FS_OK ? "" : u2fs_strerror_name(rc));
    fflush(stdout); /* some lines may end this program */
  }
  return 0;
}
