/** What the properties may be: each check adds its problems, and makes settings of what is right. */
@NullMarked
package io.portproxy.config.check;

import org.jspecify.annotations.NullMarked;
