/** Limits for users: how many connections they may have, how fast these are, and how long they last. */
@NullMarked
package io.portproxy.server.limits;

import org.jspecify.annotations.NullMarked;
