<?php
// One step of an OAuth client, by PHP's OAuth extension: input and answer are JSON.

$input = json_decode(stream_get_contents(STDIN));
$places = array('header' => OAUTH_AUTH_TYPE_AUTHORIZATION, 'query' => OAUTH_AUTH_TYPE_URI, 'form' => OAUTH_AUTH_TYPE_FORM);
$client = new OAuth($input->consumerKey, $input->consumerSecret, $input->method, $places[$input->place]);
if ($input->rsaKey !== null) {
    $client->setRSACertificate($input->rsaKey);
}

function asked($client, $url, $fields, $method)
{
    try {
        $client->fetch($url, $fields, $method);
    } catch (OAuthException $exception) {
        return $exception->lastResponse;
    }
    return $client->getLastResponse();
}

if ($input->step === 'initiate') {
    $answer = $client->getRequestToken("$input->url/oauth/initiate", $input->callback);
} else {
    $client->setToken($input->token, $input->tokenSecret);
    $answer = $client->getAccessToken("$input->url/oauth/token", null, $input->verifier);
    // Only a header tells REST that a request is signed.
    $client->setAuthType(OAUTH_AUTH_TYPE_AUTHORIZATION);
    $client->setToken($answer['oauth_token'], $answer['oauth_token_secret']);
    $answer['get'] = asked($client, "$input->url/who?label=a%20b&x=%C3%A9", array(), OAUTH_HTTP_METHOD_GET);
    $answer['post'] = asked($client, "$input->url/who", array('label' => 'Vorne & hinten', 'x' => 'é~*+'), OAUTH_HTTP_METHOD_POST);
    $answer['delete'] = asked($client, "$input->url/who", array(), OAUTH_HTTP_METHOD_DELETE);
    $nonce = bin2hex(random_bytes(8));
    $client->setNonce($nonce);
    asked($client, "$input->url/who", array(), OAUTH_HTTP_METHOD_GET);
    $client->setNonce($nonce);
    $answer['replayed'] = asked($client, "$input->url/who", array(), OAUTH_HTTP_METHOD_GET);
}
echo json_encode($answer);
