// Turn off Swagger's online validator: it would learn the address of this document, which may be private.
SwaggerUIBundle({ url: '../openapi.json', dom_id: '#document', validatorUrl: null, deepLinking: true })
