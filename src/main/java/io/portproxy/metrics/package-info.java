/** The metrics and health of both roles, for monitoring with Micrometer. Any thread. Nothing here waits for a loop. */
@NullMarked
package io.portproxy.metrics;

import org.jspecify.annotations.NullMarked;
