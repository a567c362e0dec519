# XMLRPC::Lite, on XML-RPC; what it takes and prints is in ../README.md.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use XMLRPC::Lite;
use Steps 'perform';

my ($url, $username, $api_key, $product, $image) = @ARGV;

sub login {
    my $server = XMLRPC::Lite->proxy($url);
    my $result_of = sub {
        my $answer = $server->call(@_);
        die {code => $answer->faultcode, message => $answer->faultstring} if $answer->fault;
        return $answer->result;
    };
    my $session = $result_of->('login', $username, $api_key);
    return ($session, sub {
        my ($method, @args) = @_;
        return $result_of->('call', $session, "product_media.$method", \@args);
    });
}

perform(\&login, $product, $image);
