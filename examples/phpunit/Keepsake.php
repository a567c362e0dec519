<?php

/** Starts a test double of Magento's API in its own process. Copy this file into your project. */
final class Keepsake
{
    /** The WSDL of SOAP v1. */
    public readonly string $wsdl;

    /** The name of a user who may log in. */
    public readonly string $username;
    public readonly string $apiKey;

    /** Everything that the server reported: url, v2Wsdl, wsiWsdl, xmlrpcUrl, restUrl … */
    public readonly array $about;

    /** @param resource $process @param array{resource, resource} $pipes */
    private function __construct(private $process, private array $pipes, array $about)
    {
        $this->about = $about;
        $this->wsdl = $about['wsdl'];
        $this->username = $about['user']['username'];
        $this->apiKey = $about['user']['apiKey'];
    }

    /** Starts a server on a free port. `keepsake start --help` lists the flags. */
    public static function start(string ...$flags): self
    {
        $command = ['npx', '--no', '--', 'keepsake', 'start', '--double', '--memory', '--port', '0', '--attached', ...$flags];
        $process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], STDERR], $pipes, null, ['KEEPSAKE_LOG_LEVEL' => 'error'] + getenv());
        // Wait until the server is ready, or has ended.
        $line = fgets($pipes[1]);
        if ($line === false) {
            throw new RuntimeException('keepsake did not start: see standard error');
        }
        return new self($process, $pipes, json_decode($line, true, 512, JSON_THROW_ON_ERROR));
    }

    /** Stops the server. It also stops when this process ends for any reason, because its standard input ends then. */
    public function stop(): void
    {
        array_map('fclose', $this->pipes);
        proc_close($this->process);
    }

    /** Makes the server answer each call that meets the conditions with a fault: ['method' => 'create', 'nth' => 2]. */
    public function answerFault(int $code, array $when = []): void
    {
        $this->control('POST', '/rules', ['when' => $when, 'answer' => ['fault' => $code]]);
    }

    /** Returns how many matching calls were made: ['method' => 'create', 'fault' => 104]. */
    public function calls(array $match): int
    {
        return $this->control('POST', '/journal/verify', ['match' => $match])['calls'];
    }

    /** Restores the shop as it was at the start, and removes all rules and recorded calls. */
    public function reset(): void
    {
        $this->control('POST', '/reset');
    }

    /** Sends a request to the control API. /_keepsake/openapi.json lists all requests. */
    public function control(string $method, string $path, ?array $body = null): mixed
    {
        $answer = file_get_contents($this->about['controlUrl'] . $path, false, stream_context_create(['http' => [
            'method' => $method,
            'header' => 'Content-Type: application/json',
            'content' => $body === null ? '' : json_encode($body, JSON_THROW_ON_ERROR),
            'ignore_errors' => true,
        ]]));
        $value = json_decode((string) $answer, true);
        if (!preg_match('{^HTTP/\S+ 2}', $http_response_header[0] ?? '')) {
            throw new RuntimeException("$method $path: " . ($value['error'] ?? $http_response_header[0] ?? 'no answer'));
        }
        return $value;
    }
}
