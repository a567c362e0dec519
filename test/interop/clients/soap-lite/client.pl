# SOAP::Lite, on SOAP v1; what it takes and prints is in ../README.md.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use SOAP::Lite;
use Steps 'perform';

my ($url, $username, $api_key, $product, $image) = @ARGV;

sub login {
    my $service = SOAP::Lite->service($url)->on_fault(sub {
        my ($soap, $answer) = @_;
        die ref $answer ? {code => $answer->faultcode, message => $answer->faultstring} : $soap->transport->status;
    });
    my $session = $service->login($username, $api_key);
    return ($session, sub {
        my ($method, @args) = @_;
        return scalar $service->call($session, "product_media.$method", \@args);
    });
}

perform(\&login, $product, $image);
