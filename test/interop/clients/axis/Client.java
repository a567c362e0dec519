import Magento.CatalogProductAttributeMediaCreateEntity;
import Magento.CatalogProductImageEntity;
import Magento.CatalogProductImageFileEntity;
import Magento.MagentoServiceLocator;
import Magento.PortType;
import java.nio.charset.StandardCharsets;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.axis.AxisFault;

/** Apache Axis 1.4, on SOAP v2, with what WSDL2Java makes of the WSDL; what it takes and prints is in ../README.md. */
public final class Client {
    private static final String LABEL = "Gr\u00f6\u00dfe <1> & \"2\"";
    private static final String LABEL_IN_STORE = "auf Deutsch";
    private static final PrintStream OUTPUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private interface Check {
        void run() throws Exception;
    }

    private final String product;
    private final String content;
    private final String first;
    private final String second;
    private PortType port;
    private String session;

    private Client(String product, String content) {
        String directory = "/" + product.charAt(0) + "/" + product.charAt(1);
        this.product = product;
        this.content = content;
        this.first = directory + "/" + product + ".gif";
        this.second = directory + "/" + product + "_1.gif";
    }

    /** The locator knows the address, for the stubs were made from the WSDL of this very server. */
    public static void main(String[] arguments) {
        Client client = new Client(arguments[3], arguments[4]);
        step("login", () -> client.login(arguments[1], arguments[2]));
        step("create", client::create);
        step("list", client::list);
        step("updateInStore", client::updateInStore);
        step("remove", client::remove);
        step("fault101", () -> expect("101", faultOf(() -> client.images("no such product"))));
        step("fault103", () -> expect("103", faultOf(() -> client.label("/n/o/none.gif", null))));
    }

    private void login(String username, String apiKey) throws Exception {
        port = new MagentoServiceLocator().getPort();
        session = port.login(username, apiKey);
        expect(true, session.matches("[0-9a-f]{32}"));
    }

    private void create() throws Exception {
        expect(first, create(new String[] {"image", "thumbnail"}));
        expect(second, create(null));
    }

    private String create(String[] types) throws Exception {
        CatalogProductAttributeMediaCreateEntity data = new CatalogProductAttributeMediaCreateEntity();
        data.setFile(new CatalogProductImageFileEntity(content, "image/gif", product));
        data.setLabel(LABEL);
        data.setExclude("0");
        data.setTypes(types);
        return port.catalogProductAttributeMediaCreate(session, product, data, null, null);
    }

    private void list() throws Exception {
        String described = "";
        for (CatalogProductImageEntity image : images(product)) {
            described += String.join("|", image.getFile(), image.getLabel(), image.getPosition(), image.getExclude(),
                Arrays.toString(image.getTypes())) + "\n";
        }
        expect(first + "|" + LABEL + "|1|0|[image, thumbnail]\n" + second + "|" + LABEL + "|2|0|[]\n", described);
    }

    private void updateInStore() throws Exception {
        CatalogProductAttributeMediaCreateEntity data = new CatalogProductAttributeMediaCreateEntity();
        data.setLabel(LABEL_IN_STORE);
        expect(true, isDone(port.catalogProductAttributeMediaUpdate(session, product, second, data, "german", null)));
        expect(LABEL_IN_STORE, label(second, "german"));
        expect(LABEL, label(second, null));
    }

    private void remove() throws Exception {
        expect(true, isDone(port.catalogProductAttributeMediaRemove(session, product, second, null)));
        CatalogProductImageEntity[] left = images(product);
        expect(1, left.length);
        expect(first, left[0].getFile());
    }

    private CatalogProductImageEntity[] images(String of) throws Exception {
        return port.catalogProductAttributeMediaList(session, of, null, null);
    }

    private String label(String file, String store) throws Exception {
        return port.catalogProductAttributeMediaInfo(session, product, file, store, null).getLabel();
    }

    private static boolean isDone(boolean answer) {
        return answer;
    }

    /** Magento 1.5 answers a number. */
    private static boolean isDone(int answer) {
        return answer == 1;
    }

    private static String faultOf(Callable<?> call) throws Exception {
        try {
            call.call();
            return null;
        } catch (AxisFault fault) {
            return fault.getFaultCode().getLocalPart();
        }
    }

    private static void expect(Object expected, Object received) {
        if (!Objects.equals(expected, received)) {
            throw new IllegalStateException("expected " + expected + ", received " + received);
        }
    }

    private static void step(String name, Check check) {
        String detail = "";
        try {
            check.run();
        } catch (Exception error) {
            detail = error.toString();
        }
        OUTPUT.printf("{\"step\": \"%s\", \"ok\": %b, \"detail\": \"%s\"}%n", name, detail.isEmpty(), escaped(detail));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
    }
}
