/** The rules for the properties. Each check adds its problems, and turns what is right into settings. */
@NullMarked
package io.portproxy.config.check;

import org.jspecify.annotations.NullMarked;
