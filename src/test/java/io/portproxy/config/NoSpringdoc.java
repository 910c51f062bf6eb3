package io.portproxy.config;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/** Keeps springdoc out of the applications that tests start. It is on the class path of tests alone, where it makes the API's description. */
class NoSpringdoc implements AutoConfigurationImportFilter {
    @Override
    public boolean[] match(String[] classNames, AutoConfigurationMetadata metadata) {
        boolean[] matches = new boolean[classNames.length];
        for (int i = 0; i < classNames.length; i++) {
            matches[i] = classNames[i] == null || !classNames[i].startsWith("org.springdoc.");
        }
        return matches;
    }
}
