# One step of an OAuth client, by Net::OAuth: input and answer are JSON.

use strict;
use warnings;
use Crypt::OpenSSL::RSA;
use HTTP::Request;
use JSON::PP;
use LWP::UserAgent;
use Net::OAuth;
use URI;
$Net::OAuth::PROTOCOL_VERSION = Net::OAuth::PROTOCOL_VERSION_1_0A;

my $input = decode_json(do { local $/; <STDIN> });
my $agent = LWP::UserAgent->new;
my $url   = $input->{url};

# Signs a message of this kind, and answers the request that carries it.
sub signed {
    my ($kind, $place, $method, $address, %more) = @_;
    my $message = Net::OAuth->request($kind)->new(
        consumer_key     => $input->{consumerKey},
        consumer_secret  => $input->{consumerSecret} // '',
        signature_method => $input->{method},
        request_method   => $method,
        request_url      => $address,
        timestamp        => time,
        nonce            => join('', map { sprintf '%08x', rand 2**32 } 1 .. 4),
        %more,
    );
    $message->sign($input->{rsaKey} ? Crypt::OpenSSL::RSA->new_private_key($input->{rsaKey}) : ());
    return HTTP::Request->new($method => $message->to_url) if $place eq 'query';
    my $request = HTTP::Request->new($method => $address);
    if ($place eq 'form') {
        $request->header('Content-Type' => 'application/x-www-form-urlencoded');
        $request->content($message->to_post_body);
    }
    else {
        $request->header(Authorization => $message->to_authorization_header);
    }
    return $request;
}

sub credentials {
    my ($kind, $request) = @_;
    my $response = $agent->request($request);
    die $response->status_line . "\n" . $response->content unless $response->is_success;
    my $answer = Net::OAuth->response($kind)->from_post_body($response->content);
    return { oauth_token => $answer->token, oauth_token_secret => $answer->token_secret };
}

my $answer;
if ($input->{step} eq 'initiate') {
    my $request = signed('request token', $input->{place}, 'POST', "$url/oauth/initiate", callback => $input->{callback});
    $answer = credentials('request token', $request);
}
else {
    my %request_token = (token => $input->{token}, token_secret => $input->{tokenSecret});
    my $request =
        signed('access token', $input->{place}, 'POST', "$url/oauth/token", %request_token, verifier => $input->{verifier});
    $answer = credentials('access token', $request);

    # Only a header tells REST that a request is signed.
    my @resource = ('protected resource', 'header');
    my %token = (token => $answer->{oauth_token}, token_secret => $answer->{oauth_token_secret});
    my $ask   = sub { $agent->request($_[0])->content };

    my $address = URI->new("$url/who");
    my %query   = (label => 'a b', x => "\x{e9}");
    my $get     = signed(@resource, 'GET', "$url/who", %token, extra_params => \%query);
    $address->query_form(label => 'a b', x => "\xc3\xa9");
    $get->uri($address);
    $answer->{get} = $ask->($get);

    my %form = (label => 'Vorne & hinten', x => '~*+');
    my $post = signed(@resource, 'POST', "$url/who", %token, extra_params => \%form);
    $address->query_form(%form);
    $post->header('Content-Type' => 'application/x-www-form-urlencoded');
    $post->content($address->query);
    $answer->{post} = $ask->($post);

    $answer->{delete} = $ask->(signed(@resource, 'DELETE', "$url/who", %token));
    my $replayed = signed(@resource, 'GET', "$url/who", %token);
    $ask->($replayed);
    $answer->{replayed} = $ask->($replayed);
}
print encode_json($answer);
