package io.portproxy.config.properties;

import org.springframework.util.unit.DataSize;

/** Converts sizes to text. */
public final class Sizes {
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};

    private Sizes() {}

    /** Returns a size as a user would write it, in the largest unit that needs no fraction. */
    public static String text(DataSize size) {
        long number = size.toBytes();
        int unit = 0;
        while (number != 0 && number % 1024 == 0 && unit < UNITS.length - 1) {
            number /= 1024;
            unit++;
        }
        return number + UNITS[unit];
    }
}
