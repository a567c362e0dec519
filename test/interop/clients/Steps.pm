package Steps;

# The steps that the Perl clients perform; what a client takes and prints is in README.md.
use strict;
use warnings;
use utf8;
use Exporter 'import';
use JSON::PP;

our @EXPORT_OK = ('perform');

my $LABEL = 'Größe <1> & "2"';
my $LABEL_IN_STORE = 'auf Deutsch';

# Performs every step with the function that $login answers, which calls a method of product_media and dies with
# {code => ...} for a fault; prints what came of each.
sub perform {
    my ($login, $product, $content) = @_;
    my $call;
    my $directory = join '/', '', substr($product, 0, 1), substr($product, 1, 1);
    my ($first, $second) = ("$directory/$product.gif", "$directory/${product}_1.gif");

    step('login', sub {
        my $session;
        ($session, $call) = $login->();
        expect(1, $session =~ /^[0-9a-f]{32}$/ ? 1 : 0);
    });
    step('create', sub {
        my %file = (name => $product, mime => 'image/gif', content => $content);
        my %data = (file => \%file, label => $LABEL, exclude => 0);
        expect($first, $call->('create', $product, {%data, types => ['image', 'thumbnail']}));
        expect($second, $call->('create', $product, \%data));
    });
    step('list', sub {
        my @received = map { my $image = $_; [map { $image->{$_} } qw(file label position exclude types)] }
            @{$call->('list', $product)};
        expect(
            [[$first, $LABEL, '1', '0', ['image', 'thumbnail']], [$second, $LABEL, '2', '0', []]],
            \@received,
        );
    });
    step('updateInStore', sub {
        expect(1, $call->('update', $product, $second, {label => $LABEL_IN_STORE}, 'german') ? 1 : 0);
        expect($LABEL_IN_STORE, $call->('info', $product, $second, 'german')->{label});
        expect($LABEL, $call->('info', $product, $second)->{label});
    });
    step('remove', sub {
        expect(1, $call->('remove', $product, $second) ? 1 : 0);
        expect([$first], [map { $_->{file} } @{$call->('list', $product)}]);
    });
    step('fault101', sub { expect('101', fault_of(sub { $call->('list', 'no such product') })) });
    step('fault103', sub { expect('103', fault_of(sub { $call->('info', $product, '/n/o/none.gif') })) });
}

sub step {
    my ($name, $check) = @_;
    my $detail = eval { $check->(); '' } // written($@);
    print JSON::PP->new->utf8->canonical->encode({
        step => $name,
        ok => $detail eq '' ? JSON::PP::true : JSON::PP::false,
        detail => $detail,
    }), "\n";
}

sub expect {
    my ($expected, $received) = map { written($_) } @_;
    die "expected $expected, received $received" if $expected ne $received;
}

sub fault_of {
    my ($failing) = @_;
    return eval { $failing->(); 1 } ? undef : ref $@ eq 'HASH' ? "$@->{code}" : die $@;
}

# A value as text, in which a number reads as a string does.
sub written {
    my ($value) = @_;
    return '[' . join(', ', map { written($_) } @$value) . ']' if ref $value eq 'ARRAY';
    return '{' . join(', ', map { "$_: " . written($value->{$_}) } sort keys %$value) . '}' if ref $value eq 'HASH';
    return $value // 'nothing';
}

1;
