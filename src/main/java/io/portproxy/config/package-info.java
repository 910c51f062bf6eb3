/** What is wired: the beans of each profile, the adapters to Spring's life cycle, and what a start says of itself. */
@NullMarked
package io.portproxy.config;

import org.jspecify.annotations.NullMarked;
