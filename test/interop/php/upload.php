<?php
/** Uploads the file that the input names, and prints what the server says of the image. */
require __DIR__ . '/client.php';

$proxy = proxy();
$session = $proxy->login($input['username'], $input['apiKey']);
$content = base64_encode(file_get_contents($input['file']));
$path = $proxy->call($session, 'product_media.create', ['Sku', ['file' => ['content' => $content, 'mime' => 'image/png']]]);
printJson($proxy->call($session, 'product_media.info', ['Sku', $path]));
