/** Configuration properties, their checks, the beans of each profile and the adapters to Spring's life cycle. */
@NullMarked
package io.portproxy.config;

import org.jspecify.annotations.NullMarked;
