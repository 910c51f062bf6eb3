/** Event loops on {@code java.nio} selectors, listeners, connections and timers. Knows no instruction. */
@NullMarked
package io.portproxy.net;

import org.jspecify.annotations.NullMarked;
