/** The properties as Spring Boot binds them, and the active profiles. This package checks nothing. */
@NullMarked
package io.portproxy.config.properties;

import org.jspecify.annotations.NullMarked;
