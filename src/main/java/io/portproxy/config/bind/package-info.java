/** The checks of the binding of properties: values of the wrong type, gaps in lists, and keys that do not exist. */
@NullMarked
package io.portproxy.config.bind;

import org.jspecify.annotations.NullMarked;
