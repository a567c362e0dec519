import static org.junit.Assert.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

public class ImageImportTest {
    private static final String GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

    private static Keepsake keepsake;

    @BeforeClass
    public static void startKeepsake() throws Exception {
        keepsake = new Keepsake();
    }

    @AfterClass
    public static void stopKeepsake() throws Exception {
        keepsake.close();
    }

    @Before
    public void reset() throws Exception {
        keepsake.reset();
    }

    @Test
    public void goesOnWhenTheShopRefusesAnImage() throws Exception {
        keepsake.answerFault(104, "{\"method\": \"create\", \"nth\": 2}");

        Shop shop = new Shop(keepsake.about("wsdl"), keepsake.about("username"), keepsake.about("apiKey"));
        Map<String, String> images = new LinkedHashMap<>();
        for (String name : List.of("front", "back", "side")) images.put(name, GIF);
        List<String> refused = new ImageImport(shop).run("Sku", images);

        assertEquals(List.of("back"), refused);
        assertEquals(3, keepsake.calls("{\"method\": \"create\"}"));
    }
}
