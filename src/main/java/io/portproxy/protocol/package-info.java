/** The tunnel protocol: instructions, their encoding and incremental decoding over byte buffers. No channels, no clock, no log. */
@NullMarked
package io.portproxy.protocol;

import org.jspecify.annotations.NullMarked;
