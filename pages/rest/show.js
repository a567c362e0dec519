// No validator of the library's makers is asked: the document may be of a host that nobody else should know of.
SwaggerUIBundle({ url: '../openapi.json', dom_id: '#document', validatorUrl: null, deepLinking: true })
