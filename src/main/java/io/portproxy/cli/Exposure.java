package io.portproxy.cli;

/**
 * An exposed port as an option writes it: {@code NAME:BIND=TARGET}.
 *
 * @param name the remote's name, without a colon
 * @param bind where users connect; not checked here
 * @param target what the remote opens; not checked here
 * @param type the property's value
 * @param option the option that it was written with
 */
record Exposure(String name, String bind, String target, String type, String option) {

    /**
     * Reads one.
     *
     * @throws WrongUseException this is none
     */
    static Exposure parse(String text, String type, String option) {
        int colon = text.indexOf(':');
        int equals = text.lastIndexOf('=');
        if (colon <= 0 || equals < colon + 2 || equals == text.length() - 1) {
            throw new WrongUseException(
                    option + " " + text + ": write NAME:BIND=TARGET, such as " + option + " home:127.0.0.1:6688=17211");
        }
        return new Exposure(
                text.substring(0, colon), text.substring(colon + 1, equals), text.substring(equals + 1), type, option);
    }
}
