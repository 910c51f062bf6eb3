/**
 * What can be configured: the properties as Spring Boot binds them, and the active profiles. Nothing here is checked.
 */
@NullMarked
package io.portproxy.config.properties;

import org.jspecify.annotations.NullMarked;
