import { serverUrls } from '../serverUrls'
import type { FirstUser } from '../store/shop/firstRun'

export function servingLine(url: string): string {
  return `Keepsake serves Magento 1's product-image API: ${url}/api/soap/?wsdl\n`
}

/**
 * Returns the line of JSON for a program that has started the server, with the URL and the user for calls.
 */
export function attachedLine(url: string, user: FirstUser | null): string {
  return `${JSON.stringify({ ...serverUrls(url), user, pid: process.pid })}\n`
}

/** Returns the lines for a first call: the key, which is shown only this once, and a script to paste. */
export function firstUserHint(url: string, { username, apiKey }: FirstUser): string {
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

`
}
