<?php
/** The public documentation's Example 1, word for word but for what the page has lost, and printing JSON at the end. */
require __DIR__ . '/client.php';

$proxy = new SoapClient($input['wsdl']);
$sessionId = $proxy->login($input['username'], $input['apiKey']);

$newImage = array(
    'file' => array(
        'name' => 'file_name',
        'content' => base64_encode(file_get_contents($input['file'])),
        'mime'    => 'image/jpeg'
    ),
    'label'    => 'Cool Image Through Soap',
    'position' => 2,
    'types'    => array('small_image'),
    'exclude'  => 0
);

$imageFilename = $proxy->call($sessionId, 'product_media.create', array('Sku', $newImage));

$shown[] = $imageFilename;

// Newly created image file
$shown[] = $proxy->call($sessionId, 'product_media.list', 'Sku');

$proxy->call($sessionId, 'product_media.update', array(
    'Sku',
    $imageFilename,
    array('position' => 2, 'types' => array('image') /* Lets do it main image for product */)
));

// Updated image file
$shown[] = $proxy->call($sessionId, 'product_media.list', 'Sku');

// Remove image file
$proxy->call($sessionId, 'product_media.remove', array('Sku', $imageFilename));

// Images without our file
$shown[] = $proxy->call($sessionId, 'product_media.list', 'Sku');

printJson($shown);
