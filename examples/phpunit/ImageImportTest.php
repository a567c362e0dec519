<?php

require_once __DIR__ . '/Keepsake.php';

use PHPUnit\Framework\TestCase;

final class ImageImportTest extends TestCase
{
    private const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

    private static Keepsake $keepsake;

    public static function setUpBeforeClass(): void
    {
        self::$keepsake = Keepsake::start();
    }

    public static function tearDownAfterClass(): void
    {
        self::$keepsake->stop();
    }

    protected function setUp(): void
    {
        self::$keepsake->reset();
    }

    public function testGoesOnWhenTheShopRefusesAnImage(): void
    {
        self::$keepsake->answerFault(104, ['method' => 'create', 'nth' => 2]);

        $shop = new SoapClient(self::$keepsake->wsdl, ['cache_wsdl' => WSDL_CACHE_NONE]);
        $session = $shop->login(self::$keepsake->username, self::$keepsake->apiKey);
        $import = new ImageImport($shop, $session);
        $refused = $import->run('Sku', ['front' => self::GIF, 'back' => self::GIF, 'side' => self::GIF]);

        $this->assertSame(['back'], $refused);
        $this->assertSame(3, self::$keepsake->calls(['method' => 'create']));
        $this->assertCount(2, $shop->call($session, 'product_media.list', 'Sku'));
    }
}
