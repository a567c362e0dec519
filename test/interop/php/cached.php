<?php
/** Makes two clients from one WSDL, of which the second finds it in PHP's cache on disk. Prints both answers. */
require __DIR__ . '/client.php';

ini_set('soap.wsdl_cache_enabled', '1');
ini_set('soap.wsdl_cache_dir', $input['cache']);

printJson(array_map(function () use ($input) {
    $proxy = proxy(['cache_wsdl' => WSDL_CACHE_DISK]);
    $session = $proxy->login($input['username'], $input['apiKey']);
    return $proxy->call($session, 'product_media.types', 4);
}, [1, 2]));
