<?php
/** PHP's SoapClient, on SOAP v1, v2 or WS-I; what it takes and prints is in ../README.md. */

[, $url, $username, $apiKey, $product, $image, $protocol] = $argv;

const LABEL = 'Größe <1> & "2"';
const LABEL_IN_STORE = 'auf Deutsch';

/** The calls of a protocol, as its users write them. */
interface Calls
{
    public function create(string $product, array $data): string;
    public function list(string $product): array;
    public function info(string $product, string $file, ?string $store): array;
    public function update(string $product, string $file, array $data, string $store): bool;
    public function remove(string $product, string $file): bool;
}

final class V1Calls implements Calls
{
    public function __construct(private readonly SoapClient $client, private readonly string $session)
    {
    }

    public function create(string $product, array $data): string
    {
        return $this->client->call($this->session, 'product_media.create', [$product, $data]);
    }

    public function list(string $product): array
    {
        return $this->client->call($this->session, 'product_media.list', [$product]);
    }

    public function info(string $product, string $file, ?string $store): array
    {
        return $this->client->call($this->session, 'product_media.info', [$product, $file, $store]);
    }

    public function update(string $product, string $file, array $data, string $store): bool
    {
        return $this->client->call($this->session, 'product_media.update', [$product, $file, $data, $store]);
    }

    public function remove(string $product, string $file): bool
    {
        return $this->client->call($this->session, 'product_media.remove', [$product, $file]);
    }
}

final class V2Calls implements Calls
{
    public function __construct(private readonly SoapClient $client, private readonly string $session)
    {
    }

    public function create(string $product, array $data): string
    {
        return $this->client->catalogProductAttributeMediaCreate($this->session, $product, $data);
    }

    public function list(string $product): array
    {
        $images = $this->client->catalogProductAttributeMediaList($this->session, $product);
        return array_map(fn (object $image) => (array) $image, $images);
    }

    public function info(string $product, string $file, ?string $store): array
    {
        return (array) $this->client->catalogProductAttributeMediaInfo($this->session, $product, $file, $store);
    }

    public function update(string $product, string $file, array $data, string $store): bool
    {
        return $this->client->catalogProductAttributeMediaUpdate($this->session, $product, $file, $data, $store);
    }

    public function remove(string $product, string $file): bool
    {
        return $this->client->catalogProductAttributeMediaRemove($this->session, $product, $file);
    }
}

final class WsiCalls implements Calls
{
    public function __construct(private readonly SoapClient $client, private readonly string $session)
    {
    }

    public function create(string $product, array $data): string
    {
        $data['types'] = ['complexObjectArray' => $data['types']];
        return $this->call('Create', ['productId' => $product, 'data' => $data]);
    }

    public function list(string $product): array
    {
        return array_map($this->image(...), $this->items($this->call('List', ['productId' => $product])));
    }

    public function info(string $product, string $file, ?string $store): array
    {
        return $this->image($this->call('Info', ['productId' => $product, 'file' => $file, 'store' => $store]));
    }

    public function update(string $product, string $file, array $data, string $store): bool
    {
        $asked = ['productId' => $product, 'file' => $file, 'data' => $data, 'store' => $store];
        return $this->call('Update', $asked) === 1;
    }

    public function remove(string $product, string $file): bool
    {
        return $this->call('Remove', ['productId' => $product, 'file' => $file]) === 1;
    }

    private function call(string $method, array $asked): mixed
    {
        $operation = "catalogProductAttributeMedia$method";
        return $this->client->$operation(['sessionId' => $this->session] + $asked)->result;
    }

    private function image(object $image): array
    {
        return ['types' => $this->items($image->types)] + (array) $image;
    }

    /** A list of one item is that item to PHP's SoapClient, and an empty one has no items. */
    private function items(object $list): array
    {
        $items = $list->complexObjectArray ?? [];
        return is_array($items) ? $items : [$items];
    }
}

function step(string $name, callable $check): void
{
    try {
        $wrong = $check();
    } catch (Throwable $error) {
        $wrong = get_class($error) . ': ' . $error->getMessage();
    }
    echo json_encode(['step' => $name, 'ok' => $wrong === null, 'detail' => $wrong ?? '']), "\n";
}

/** What is wrong, if anything is. */
function unlike(mixed $expected, mixed $received): ?string
{
    return $expected === $received ? null : 'expected ' . json_encode($expected) . ', received ' . json_encode($received);
}

function faultOf(callable $call): ?string
{
    try {
        $call();
    } catch (SoapFault $fault) {
        return $fault->faultcode;
    }
    return null;
}

function calls(SoapClient $client, string $session, string $protocol): Calls
{
    return match ($protocol) {
        'v1' => new V1Calls($client, $session),
        'v2' => new V2Calls($client, $session),
        'WS-I' => new WsiCalls($client, $session),
    };
}

$calls = null;
$directory = "/{$product[0]}/{$product[1]}";
$first = "$directory/$product.gif";
$second = "$directory/{$product}_1.gif";

step('login', function () use (&$calls, $url, $username, $apiKey, $protocol) {
    $client = new SoapClient($url);
    $session = $protocol === 'WS-I'
        ? $client->login(['username' => $username, 'apiKey' => $apiKey])->result
        : $client->login($username, $apiKey);
    $calls = calls($client, $session, $protocol);
    return unlike(1, preg_match('/^[0-9a-f]{32}$/', $session));
});

step('create', function () use (&$calls, $product, $image, $first, $second) {
    $file = ['name' => $product, 'mime' => 'image/gif', 'content' => $image];
    $types = [['image', 'thumbnail'], []];
    $created = array_map(
        fn (array $types) => $calls->create($product, ['file' => $file, 'label' => LABEL, 'types' => $types, 'exclude' => 0]),
        $types,
    );
    return unlike([$first, $second], $created);
});

step('list', function () use (&$calls, $product, $first, $second) {
    $received = array_map(
        fn (array $image) => [$image['file'], $image['label'], $image['position'], $image['exclude'], $image['types']],
        $calls->list($product),
    );
    return unlike([
        [$first, LABEL, '1', '0', ['image', 'thumbnail']],
        [$second, LABEL, '2', '0', []],
    ], $received);
});

step('updateInStore', function () use (&$calls, $product, $second) {
    $updated = $calls->update($product, $second, ['label' => LABEL_IN_STORE], 'german');
    $labels = array_map(
        fn (?string $store) => $calls->info($product, $second, $store)['label'],
        ['german', null],
    );
    return unlike([true, LABEL_IN_STORE, LABEL], [$updated, ...$labels]);
});

step('remove', function () use (&$calls, $product, $first, $second) {
    $removed = $calls->remove($product, $second);
    return unlike([true, [$first]], [$removed, array_column($calls->list($product), 'file')]);
});

step('fault101', fn () => unlike('101', faultOf(fn () => $calls->list('no such product'))));
step('fault103', fn () => unlike('103', faultOf(fn () => $calls->info($product, '/n/o/none.gif', null))));
