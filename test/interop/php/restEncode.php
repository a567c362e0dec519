<?php
// Reads a list of texts, and writes each as PHP does: in JSON, and as the child of an indented document.
$texts = json_decode(stream_get_contents(STDIN), true);
$written = array_map(function (string $text): array {
    $root = new SimpleXMLElement('<magento_api/>');
    $item = $root->addChild('data_item');
    $item->addChild('label', str_replace('&', '&amp;', $text));
    $item->addChild('types');
    $document = dom_import_simplexml($root)->ownerDocument;
    $document->formatOutput = true;
    return ['json' => json_encode([['label' => $text, 'types' => []]]), 'xml' => $document->saveXML()];
}, $texts);
echo json_encode($written);
