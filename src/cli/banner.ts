import type { ServerUrls } from '../serverUrls'
import type { FirstUser } from '../store/shop/firstRun'

/** The lines that tell where the server is called, and whom each WSDL is for. */
export function servingLines({ wsdl, v2Wsdl, wsiWsdl, xmlrpcUrl, restUrl }: ServerUrls): readonly string[] {
  return [
    `Keepsake serves Magento 1's product-image API: ${wsdl}`,
    `  SOAP v2, for clients that call catalogProductAttributeMediaList: ${v2Wsdl}`,
    `  WS-I, for those that were made for Magento's WS-I mode: ${wsiWsdl}`,
    `  XML-RPC: ${xmlrpcUrl}`,
    `  REST: ${restUrl}`,
  ]
}

/** What a program that has started the server reads: where to call it, and as whom. */
export function attachedAs(urls: ServerUrls, user: FirstUser | null): object {
  return { ...urls, user, pid: process.pid }
}

/** The lines that a newcomer needs for a first call: the key, which is told this once, and a script to paste. */
export function firstUserHint(url: string, { username, apiKey }: FirstUser): readonly string[] {
  return `
API user ${username}, key ${apiKey} (shown this once; keepsake user set-key makes a new one)

Save this as first-call.php and run it with: php first-call.php

<?php
$proxy = new SoapClient('${url}/api/soap/?wsdl');
$session = $proxy->login('${username}', '${apiKey}');
$image = array(
    'file' => array(
        'name' => 'first',
        'mime' => 'image/gif',
        'content' => 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
    ),
    'label' => 'My first image',
    'types' => array('image'),
    'exclude' => 0,
);
echo $proxy->call($session, 'product_media.create', array('Sku', $image)), "\\n";
print_r($proxy->call($session, 'product_media.list', 'Sku'));
`.split('\n')
}
