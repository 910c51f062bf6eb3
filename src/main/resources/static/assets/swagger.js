// The API's description, to read and to try. Requests show the login of this browser.

import { hasLogin, headers } from './session.js';

if (await hasLogin()) {
  SwaggerUIBundle({
    dom_id: '#swagger-ui',
    url: 'v3/api-docs',
    operationsSorter: 'alpha',
    tagsSorter: 'alpha',
    displayRequestDuration: true,
    deepLinking: false,
    validatorUrl: null,
    requestInterceptor(request) {
      if (new URL(request.url, location.href).origin === location.origin) {
        Object.assign(request.headers, headers());
      }
      return request;
    },
  });
}
