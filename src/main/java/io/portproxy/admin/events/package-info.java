/** Events: those that are kept, and those who listen to them as they come. */
@NullMarked
package io.portproxy.admin.events;

import org.jspecify.annotations.NullMarked;
