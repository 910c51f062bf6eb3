/** Properties as the definitions of {@code manage}, and definitions as properties. Both say the same. */
@NullMarked
package io.portproxy.config.definition;

import org.jspecify.annotations.NullMarked;
