<?php
/** What the scripts share: their input, which is JSON on standard input, and a client made as it says. */

$input = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);

function proxy(array $options = []): SoapClient
{
    global $input;
    return new SoapClient($input['wsdl'], $options + ['cache_wsdl' => WSDL_CACHE_NONE, 'keep_alive' => false]);
}

function printJson(mixed $value): void
{
    echo json_encode($value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
}
