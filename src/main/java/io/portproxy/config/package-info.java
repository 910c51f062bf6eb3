/** The wiring of the application: the beans of each profile, the adapters to Spring's life cycle, and the report of a start. */
@NullMarked
package io.portproxy.config;

import org.jspecify.annotations.NullMarked;
