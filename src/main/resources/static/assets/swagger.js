// The API's description, to read and to try. Requests show the login of this browser.

import { adopt, hasLogin, headers, logInPath } from './session.js';

const works = async () => (await fetch('api/v1/me', { headers: headers() })).ok;

if (!await hasLogin()) {
  // the form comes
} else if (!await works() && !(await adopt() && await works())) {
  location.replace(logInPath());
} else {
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
