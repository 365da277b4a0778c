# Writes messages of Authen::U2F::Tester, a software key in Perl, as rounds.py does.
# Arguments: pairs of files, a private key on P-256 and its certificate.
use strict;
use warnings;

use Authen::U2F::Tester;
use Crypt::PRNG qw(random_bytes);
use MIME::Base64 qw(decode_base64url encode_base64url);

sub line {
    my ($kind, $app_id, $answer, @more) = @_;
    $answer->is_success or die "$kind: " . $answer->error_message;
    print join(' ', $kind, $app_id, map { unpack 'H*', $_ }
        decode_base64url($answer->client_data), $answer->response, @more), "\n";
}

while (my ($key_file, $cert_file) = splice @ARGV, 0, 2) {
    my $tester = Authen::U2F::Tester->new(key_file => $key_file, cert_file => $cert_file);
    for my $app_id ('https://example.com', 'https://example.org/app-id.json?v=1', 'http://localhost:8080') {
        my $registration = $tester->register($app_id, encode_base64url(random_bytes(32)));
        line('registration', $app_id, $registration);
        my (undef, $public_key, $handle) = unpack 'C a65 C/a*', $registration->response;
        for (1 .. 3) {
            my $answer = $tester->sign($app_id, encode_base64url(random_bytes(32)), encode_base64url($handle));
            line('authentication', $app_id, $answer, $public_key);
        }
    }
}
