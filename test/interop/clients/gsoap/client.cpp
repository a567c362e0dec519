// gSOAP, on SOAP v2, with what wsdl2h and soapcpp2 make of the WSDL; what it takes and prints is in ../README.md.
#include "soapBindingProxy.h"
#include "Binding.nsmap"

#include <functional>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

const std::string LABEL = "Größe <1> & \"2\"";
const std::string LABEL_IN_STORE = "auf Deutsch";

// Every part has a value here: the default scope, and products by SKU.
const std::string DEFAULT_SCOPE = "admin";
const std::string BY_SKU = "sku";

struct Fault : std::runtime_error {
  std::string code;
  Fault(const std::string &code, const std::string &message) : std::runtime_error(code + ": " + message), code(code) {}
};

template <typename Value> void expect(const Value &expected, const Value &received) {
  if (expected == received) return;
  std::ostringstream difference;
  difference << "expected " << expected << ", received " << received;
  throw std::runtime_error(difference.str());
}

std::string escaped(const std::string &text) {
  std::string written;
  for (const char character : text) {
    if (character == '"' || character == '\\') written += '\\';
    written += static_cast<unsigned char>(character) < 0x20 ? ' ' : character;
  }
  return written;
}

void step(const std::string &name, const std::function<void()> &check) {
  std::string detail;
  try {
    check();
  } catch (const std::exception &error) {
    detail = error.what();
  }
  std::cout << "{\"step\": \"" << name << "\", \"ok\": " << (detail.empty() ? "true" : "false") << ", \"detail\": \""
            << escaped(detail) << "\"}" << std::endl;
}

class Client {
public:
  Client(const std::string &product, const std::string &content)
      : product(product), content(content), proxy(SOAP_C_UTFSTRING) {
    const std::string directory = std::string("/") + product[0] + "/" + product[1] + "/";
    first = directory + product + ".gif";
    second = directory + product + "_1.gif";
  }

  void login(const std::string &username, const std::string &apiKey) {
    check(proxy.login(username, apiKey, session));
    expect<std::size_t>(32, session.size());
    expect(std::string::npos, session.find_first_not_of("0123456789abcdef"));
  }

  void create() {
    expect(first, create({"image", "thumbnail"}));
    expect(second, create({}));
  }

  void list() {
    std::ostringstream described;
    const auto images = imagesOf(product);
    for (const auto *image : images) {
      described << image->file << '|' << image->label << '|' << image->position << '|' << image->exclude;
      for (int index = 0; index < image->types->__size; index++) described << '|' << image->types->__ptritem[index];
      described << '\n';
    }
    expect(first + "|" + LABEL + "|1|0|image|thumbnail\n" + second + "|" + LABEL + "|2|0\n", described.str());
  }

  void updateInStore() {
    std::string label = LABEL_IN_STORE;
    ns1__catalogProductAttributeMediaCreateEntity data;
    data.label = &label;
    bool updated = false;
    check(proxy.catalogProductAttributeMediaUpdate(session, product, second, &data, "german", BY_SKU, updated));
    expect(true, updated);
    expect(LABEL_IN_STORE, labelOf(second, "german"));
    expect(LABEL, labelOf(second, DEFAULT_SCOPE));
  }

  void remove() {
    bool removed = false;
    check(proxy.catalogProductAttributeMediaRemove(session, product, second, BY_SKU, removed));
    expect(true, removed);
    const auto left = imagesOf(product);
    expect<std::size_t>(1, left.size());
    expect(first, left.front()->file);
  }

  void unknownProduct() {
    expect<std::string>("101", faultOf([this] { imagesOf("no such product"); }));
  }

  void unknownFile() {
    expect<std::string>("103", faultOf([this] { labelOf("/n/o/none.gif", DEFAULT_SCOPE); }));
  }

private:
  std::string product, content, first, second, session;
  BindingProxy proxy;

  std::string create(std::vector<std::string> typeCodes) {
    ns1__catalogProductImageFileEntity file;
    file.content = content;
    file.mime = "image/gif";
    file.name = &product;
    ArrayOfString types;
    types.__ptritem = typeCodes.data();
    types.__size = static_cast<int>(typeCodes.size());
    std::string label = LABEL, exclude = "0", created;
    ns1__catalogProductAttributeMediaCreateEntity data;
    data.file = &file;
    data.label = &label;
    data.types = &types;
    data.exclude = &exclude;
    check(proxy.catalogProductAttributeMediaCreate(session, product, &data, DEFAULT_SCOPE, BY_SKU, created));
    return created;
  }

  std::vector<ns1__catalogProductImageEntity *> imagesOf(const std::string &of) {
    ns1__catalogProductAttributeMediaListResponse answer;
    check(proxy.catalogProductAttributeMediaList(session, of, DEFAULT_SCOPE, BY_SKU, answer));
    return {answer.result->__ptritem, answer.result->__ptritem + answer.result->__size};
  }

  std::string labelOf(const std::string &file, const std::string &store) {
    ns1__catalogProductAttributeMediaInfoResponse answer;
    check(proxy.catalogProductAttributeMediaInfo(session, product, file, store, BY_SKU, answer));
    return answer.result->label;
  }

  void check(int status) {
    if (status == SOAP_OK) return;
    const char *code = *soap_faultcode(proxy.soap);
    const char *message = *soap_faultstring(proxy.soap);
    throw Fault(localPart(code ? code : ""), message ? message : "");
  }

  // gSOAP writes a qualified name as its namespace in quotes, a colon, and its local part.
  static std::string localPart(const std::string &name) { return name.substr(name.rfind(':') + 1); }

  static std::string faultOf(const std::function<void()> &call) {
    try {
      call();
    } catch (const Fault &fault) {
      return fault.code;
    }
    return "none";
  }
};

} // namespace

// The proxy knows the address, for it was made from the WSDL of this very server.
int main(int, char **arguments) {
  Client client(arguments[4], arguments[5]);
  step("login", [&] { client.login(arguments[2], arguments[3]); });
  step("create", [&] { client.create(); });
  step("list", [&] { client.list(); });
  step("updateInStore", [&] { client.updateInStore(); });
  step("remove", [&] { client.remove(); });
  step("fault101", [&] { client.unknownProduct(); });
  step("fault103", [&] { client.unknownFile(); });
}
