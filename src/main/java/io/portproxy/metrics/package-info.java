/** What monitoring sees of the roles: Micrometer's meters and health. Any thread; nothing here waits for a loop. */
@NullMarked
package io.portproxy.metrics;

import org.jspecify.annotations.NullMarked;
