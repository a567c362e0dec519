<?php
/**
 * PHP's own SoapServer, asked over HTTP how it reads a request and how it writes an answer.
 * Served by PHP's built-in server, where a SOAP fault ends one request and not the process.
 *
 *   POST /decode                     a SOAP request; answers what the called function received, as JSON, or PHP's fault
 *   POST /encode/<element>/<1.1|1.2> a value as JSON; answers the SOAP answer that carries it, to a request of that element
 *
 * A value in JSON: null, true and false stand for themselves, a list is a list of values; anything else is an object
 * with one key: {"string": base64}, {"int": "5"}, {"float": "0.5"}, {"map": [[key, value], ...]} with keys as values,
 * {"object": [[name, value], ...]}.
 */

/** Each by its name: one `__call` for all would understand every header too. */
final class Functions
{
    /** @var ?array{operation: string, values: list<mixed>} */
    public ?array $called = null;

    public function __construct(private readonly mixed $answer)
    {
    }

    public function login() { return $this->note(__FUNCTION__, func_get_args()); }
    public function startSession() { return $this->note(__FUNCTION__, func_get_args()); }
    public function endSession() { return $this->note(__FUNCTION__, func_get_args()); }
    public function call() { return $this->note(__FUNCTION__, func_get_args()); }
    public function multiCall() { return $this->note(__FUNCTION__, func_get_args()); }
    public function resources() { return $this->note(__FUNCTION__, func_get_args()); }
    public function globalFaults() { return $this->note(__FUNCTION__, func_get_args()); }
    public function resourceFaults() { return $this->note(__FUNCTION__, func_get_args()); }
    public function catalogProductAttributeMediaCurrentStore() { return $this->note(__FUNCTION__, func_get_args()); }
    public function catalogProductAttributeMediaList() { return $this->note(__FUNCTION__, func_get_args()); }
    public function catalogProductAttributeMediaInfo() { return $this->note(__FUNCTION__, func_get_args()); }
    public function catalogProductAttributeMediaTypes() { return $this->note(__FUNCTION__, func_get_args()); }
    public function catalogProductAttributeMediaCreate() { return $this->note(__FUNCTION__, func_get_args()); }
    public function catalogProductAttributeMediaUpdate() { return $this->note(__FUNCTION__, func_get_args()); }
    public function catalogProductAttributeMediaRemove() { return $this->note(__FUNCTION__, func_get_args()); }

    private function note(string $operation, array $values): mixed
    {
        $this->called = ['operation' => $operation, 'values' => array_map(describe(...), $values)];
        return $this->answer;
    }
}

function describe(mixed $value): mixed
{
    return match (true) {
        is_string($value) => ['string' => base64_encode($value)],
        is_int($value) => ['int' => (string) $value],
        is_float($value) => ['float' => var_export($value, true)],
        is_array($value) && array_is_list($value) => array_map(describe(...), $value),
        is_array($value) => ['map' => pairs($value)],
        is_object($value) => ['object' => pairs(get_object_vars($value))],
        default => $value,
    };
}

function pairs(array $entries): array
{
    return array_map(fn ($key) => [describe($key), describe($entries[$key])], array_keys($entries));
}

function make(mixed $description): mixed
{
    if (!is_array($description)) return $description;
    if (array_is_list($description)) return array_map(make(...), $description);
    $content = reset($description);
    return match (key($description)) {
        'string' => base64_decode($content),
        'int' => (int) $content,
        'float' => ['NAN' => NAN, 'INF' => INF, '-INF' => -INF][$content] ?? (float) $content,
        'map' => array_combine(array_map(make(...), array_column($content, 0)), array_map(make(...), array_column($content, 1))),
    };
}

function emptyRequest(string $element, string $version): string
{
    $envelope = $version === '1.2' ? 'http://www.w3.org/2003/05/soap-envelope' : 'http://schemas.xmlsoap.org/soap/envelope/';
    return "<e:Envelope xmlns:e=\"$envelope\"><e:Body><m:$element xmlns:m=\"urn:Magento\"> </m:$element></e:Body></e:Envelope>";
}

[, $task, $element, $version] = explode('/', parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) + ['', '', '', ''];
$body = file_get_contents('php://input');

$functions = new Functions($task === 'encode' ? make(json_decode($body, true, 4096)) : null);
$server = new SoapServer(getenv('KEEPSAKE_TEST_WSDL'), ['soap_version' => SOAP_1_2, 'encoding' => 'UTF-8']);
$server->setObject($functions);

if ($task === 'encode') {
    $server->handle(emptyRequest($element, $version));
    return;
}
ob_start();
$server->handle($body);
if ($functions->called === null) {
    ob_end_flush();
    return;
}
ob_end_clean();
header_remove();
header('Content-Type: application/json');
echo json_encode($functions->called, JSON_THROW_ON_ERROR, 4096);
