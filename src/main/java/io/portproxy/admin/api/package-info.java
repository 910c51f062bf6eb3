/**
 * The REST API: the controllers, the records for JSON, the operations that they use, and the description of the API
 * (OpenAPI).
 */
@NullMarked
package io.portproxy.admin.api;

import org.jspecify.annotations.NullMarked;
