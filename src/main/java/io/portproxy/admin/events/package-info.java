/** Keeps the latest events, and sends events to subscribers as they happen. */
@NullMarked
package io.portproxy.admin.events;

import org.jspecify.annotations.NullMarked;
