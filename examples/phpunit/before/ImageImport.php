<?php

/** Adds images to a product. */
final class ImageImport
{
    public function __construct(private SoapClient $shop, private string $session)
    {
    }

    /**
     * @param array<string, string> $images base64 by name
     * @return string[] the names of those that the shop refused
     */
    public function run(string $sku, array $images): array
    {
        $refused = [];
        foreach ($images as $name => $content) {
            $this->upload($sku, $name, $content);
        }
        return $refused;
    }

    private function upload(string $sku, string $name, string $content): void
    {
        $file = ['name' => $name, 'mime' => 'image/gif', 'content' => $content];
        $this->shop->call($this->session, 'product_media.create', [$sku, ['file' => $file]]);
    }
}
