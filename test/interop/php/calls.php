<?php
/** Makes the calls of the input with one client, and prints what each came to. SESSION stands for a session's id. */
require __DIR__ . '/client.php';

$proxy = proxy();
$session = $proxy->login($input['username'], $input['apiKey']);

printJson(array_map(function (array $call) use ($proxy, $session) {
    [$operation, $arguments] = $call;
    $arguments = array_map(fn ($argument) => $argument === 'SESSION' ? $session : $argument, $arguments);
    try {
        return ['answer' => $proxy->__soapCall($operation, $arguments)];
    } catch (SoapFault $fault) {
        return ['faultcode' => $fault->faultcode, 'faultstring' => $fault->faultstring];
    }
}, $input['calls']));
