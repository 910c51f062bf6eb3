/**
 * Where properties come from besides Spring Boot's own sources: commands, files of the older program, and YAML files
 * looked at first.
 */
@NullMarked
package io.portproxy.config.source;

import org.jspecify.annotations.NullMarked;
