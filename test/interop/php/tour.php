<?php
/** Every call of the API once, with a client of the options that the input names. Prints each answer by its name. */
require __DIR__ . '/client.php';

const OPTIONS = [
    'SOAP 1.1' => [],
    'SOAP 1.2' => ['soap_version' => SOAP_1_2],
    'compressed requests' => ['compression' => SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_GZIP | 5],
    'deflated requests' => ['compression' => SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_DEFLATE | 5],
    'arrays typed as arrays' => ['features' => SOAP_USE_XSI_ARRAY_TYPE],
    'connections kept alive' => ['keep_alive' => true],
];

$proxy = proxy(OPTIONS[$input['client']] + ['trace' => true]);
$answers = ['functions' => count($proxy->__getFunctions())];

$session = $proxy->login($input['username'], $input['apiKey']);
$answers['login'] = $session;

$image = [
    'file' => ['name' => 'tour', 'content' => $input['image'], 'mime' => 'image/jpeg'],
    'label' => 'Größe <1> & "2"',
    'position' => 2,
    'types' => ['small_image'],
    'exclude' => 0,
];
$file = $proxy->call($session, 'product_media.create', ['Sku', $image]);
$answers['create'] = $file;
$answers['requestHeaders'] = $proxy->__getLastRequestHeaders();

$answers['list'] = $proxy->call($session, 'product_media.list', 'Sku');
$answers['update'] = $proxy->call($session, 'product_media.update', ['Sku', $file, ['position' => 3, 'types' => ['image', 'thumbnail']]]);
$answers['updateInStore'] = $proxy->call($session, 'product_media.update', ['Sku', $file, ['label' => 'auf Deutsch'], 'german']);
$answers['info'] = $proxy->call($session, 'product_media.info', ['Sku', $file]);
$answers['infoInStore'] = $proxy->call($session, 'product_media.info', ['product' => 'Sku', 'file' => $file, 'store' => 'german']);
$answers['types'] = $proxy->call($session, 'product_media.types', 4);
$answers['currentStore'] = $proxy->call($session, 'product_media.currentStore');
$answers['multiCall'] = $proxy->multiCall($session, [
    ['product_media.currentStore', 'german'],
    ['product_media.info', ['Sku', '/n/o/none.jpg']],
    ['product_media.info', ['Sku', $file]],
]);
$answers['multiCallUntilFault'] = $proxy->multiCall($session, [['nothing.here'], ['product_media.list', ['Sku']]], ['break' => 1]);
$answers['remove'] = $proxy->call($session, 'product_media.remove', ['Sku', $file]);
$answers['listWhenUnused'] = $proxy->call($session, 'product_media.list', 'Sku');
$answers['clearInStore'] = $proxy->call($session, 'product_media.update', ['Sku', $file, ['types' => []], 'german']);
$answers['removeWhenUnused'] = $proxy->call($session, 'product_media.remove', ['Sku', $file]);
$answers['listAtLast'] = $proxy->call($session, 'product_media.list', 'Sku');

$answers['resources'] = $proxy->resources($session);
$answers['globalFaults'] = $proxy->globalFaults($session);
$answers['resourceFaults'] = $proxy->resourceFaults($session, 'product_media');
$answers['startSession'] = $proxy->startSession();
$answers['endSession'] = $proxy->endSession($session);
try {
    $proxy->call($session, 'product_media.list', 'Sku');
} catch (SoapFault $fault) {
    $answers['callWhenEnded'] = $fault->faultcode;
}

printJson($answers);
