/** How much users may have: how many connections, how fast, and for how long. */
@NullMarked
package io.portproxy.server.limits;

import org.jspecify.annotations.NullMarked;
