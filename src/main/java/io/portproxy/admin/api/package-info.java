/**
 * The REST API: controllers, the records that JSON is made of, what operators may do, and the description of it all
 * (OpenAPI).
 */
@NullMarked
package io.portproxy.admin.api;

import org.jspecify.annotations.NullMarked;
