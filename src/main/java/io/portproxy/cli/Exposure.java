package io.portproxy.cli;

/**
 * An exposed port in the form that an option uses: {@code NAME:BIND=TARGET}.
 *
 * @param name the remote's name, without a colon
 * @param bind the address where users connect; not checked here
 * @param target the address that the remote connects to; not checked here
 * @param type the property's value
 * @param option the option that contained the text
 */
record Exposure(String name, String bind, String target, String type, String option) {

    /**
     * Parses the text of an option.
     *
     * @throws WrongUseException the text does not have this form
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
