/**
 * Event loops on {@code java.nio} selectors, listeners, connections and timers. This package does not know the
 * instructions of the tunnel protocol.
 */
@NullMarked
package io.portproxy.net;

import org.jspecify.annotations.NullMarked;
