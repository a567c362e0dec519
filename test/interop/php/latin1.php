<?php
/** A client that thinks in ISO-8859-1, beside one that thinks in UTF-8. Prints the label as each receives it, in hex. */
require __DIR__ . '/client.php';

$latin1 = proxy(['encoding' => 'ISO-8859-1']);
$utf8 = proxy();

$session = $latin1->login($input['username'], $input['apiKey']);
$file = ['name' => 'latin1', 'content' => $input['image'], 'mime' => 'image/jpeg'];
$path = $latin1->call($session, 'product_media.create', ['Sku', ['file' => $file, 'label' => "Gr\xF6\xDFe"]]);

printJson([
    'latin1' => bin2hex($latin1->call($session, 'product_media.info', ['Sku', $path])['label']),
    'utf8' => bin2hex($utf8->call($session, 'product_media.info', ['Sku', $path])['label']),
]);
