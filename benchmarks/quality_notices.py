"""What cookie notices say in four languages, for benchmarks/quality_junk.py."""

from quality_phrases import listed

NOTICES = {
    "en": listed("""
        We use cookies to improve your experience on our website.
        By continuing to browse this site you agree to our use of cookies.
        This website uses cookies to ensure you get the best experience.
        We and our partners store and access information on your device, such as unique identifiers in cookies.
        You can change your preferences or withdraw your consent at any time in the cookie settings.
        Some cookies are necessary for the website to function and cannot be switched off.
        Analytics cookies help us to understand how visitors use the site.
        Marketing cookies are used to show you advertisements that are relevant to you.
        Please read our cookie policy and our privacy policy to learn more.
        Click "Accept all" to consent to the processing of your personal data for these purposes.
        We share information about your use of our site with our social media, advertising and analytics partners.
        Your choice will be stored for twelve months on this browser.
        Strictly necessary cookies are always active.
        You may object to processing based on legitimate interest below.
        Third-party cookies may be placed by embedded content.
        If you reject, some functions of this website may not be available.
        Accept all|Reject all|Manage preferences|Save settings|Show details|More information
    """),
    "de": listed("""
        Wir verwenden Cookies, um Ihnen das beste Erlebnis auf unserer Website zu bieten.
        Wenn Sie diese Seite weiter nutzen, stimmen Sie der Verwendung von Cookies zu.
        Diese Website nutzt Cookies, damit alle Funktionen zur Verfügung stehen.
        Wir und unsere Partner speichern Informationen auf Ihrem Gerät, etwa eindeutige Kennungen in Cookies.
        Sie können Ihre Einwilligung jederzeit in den Cookie-Einstellungen widerrufen.
        Einige Cookies sind für den Betrieb der Seite notwendig und lassen sich nicht abschalten.
        Statistik-Cookies helfen uns zu verstehen, wie Besucher mit der Website umgehen.
        Marketing-Cookies werden verwendet, um Ihnen passende Werbung zu zeigen.
        Weitere Informationen finden Sie in unserer Datenschutzerklärung und im Impressum.
        Mit einem Klick auf „Alle akzeptieren“ willigen Sie in die Verarbeitung Ihrer Daten ein.
        Wir geben Informationen zu Ihrer Nutzung unserer Website an Partner für soziale Medien und Werbung weiter.
        Ihre Auswahl wird für zwölf Monate in diesem Browser gespeichert.
        Technisch notwendige Cookies sind immer aktiv.
        Der Verarbeitung auf Grundlage berechtigter Interessen können Sie unten widersprechen.
        Cookies von Drittanbietern können durch eingebettete Inhalte gesetzt werden.
        Wenn Sie ablehnen, stehen manche Funktionen dieser Website vielleicht nicht zur Verfügung.
        Alle akzeptieren|Alle ablehnen|Einstellungen verwalten|Auswahl speichern|Details anzeigen|Mehr erfahren
    """),
    "fr": listed("""
        Nous utilisons des cookies pour améliorer votre expérience sur notre site.
        En poursuivant votre navigation, vous acceptez l'utilisation de cookies.
        Ce site utilise des cookies afin de vous offrir la meilleure expérience.
        Nos partenaires et nous stockons des informations sur votre appareil, comme des identifiants dans les cookies.
        Vous pouvez retirer votre consentement à tout moment dans les paramètres des cookies.
        Certains cookies sont nécessaires au fonctionnement du site et ne peuvent pas être désactivés.
        Les cookies de mesure d'audience nous aident à comprendre comment les visiteurs utilisent le site.
        Les cookies publicitaires servent à vous montrer des annonces adaptées à vos centres d'intérêt.
        Pour en savoir plus, consultez notre politique de confidentialité et notre politique relative aux cookies.
        En cliquant sur « Tout accepter », vous consentez au traitement de vos données personnelles.
        Nous partageons des informations sur l'utilisation de notre site avec nos partenaires de publicité et d'analyse.
        Votre choix est conservé pendant douze mois sur ce navigateur.
        Les cookies strictement nécessaires sont toujours actifs.
        Vous pouvez vous opposer au traitement fondé sur l'intérêt légitime ci-dessous.
        Des cookies tiers peuvent être déposés par des contenus intégrés.
        Si vous refusez, certaines fonctions de ce site peuvent être indisponibles.
        Tout accepter|Tout refuser|Gérer mes choix|Enregistrer|Afficher les détails|En savoir plus
    """),
    "es": listed("""
        Utilizamos cookies para mejorar su experiencia en nuestro sitio web.
        Si continúa navegando, acepta el uso de cookies.
        Este sitio web utiliza cookies para que usted tenga la mejor experiencia.
        Nosotros y nuestros socios almacenamos información en su dispositivo, como identificadores únicos en cookies.
        Puede retirar su consentimiento en cualquier momento en la configuración de cookies.
        Algunas cookies son necesarias para el funcionamiento del sitio y no se pueden desactivar.
        Las cookies analíticas nos ayudan a entender cómo usan el sitio los visitantes.
        Las cookies de marketing se utilizan para mostrarle anuncios relevantes.
        Para más información, consulte nuestra política de privacidad y nuestra política de cookies.
        Al hacer clic en «Aceptar todo», usted consiente el tratamiento de sus datos personales.
        Compartimos información sobre el uso de nuestro sitio con nuestros socios de publicidad y análisis.
        Su elección se guarda durante doce meses en este navegador.
        Las cookies estrictamente necesarias están siempre activas.
        Puede oponerse al tratamiento basado en el interés legítimo más abajo.
        Los contenidos incrustados pueden instalar cookies de terceros.
        Si las rechaza, algunas funciones de este sitio pueden no estar disponibles.
        Aceptar todo|Rechazar todo|Gestionar preferencias|Guardar|Mostrar detalles|Más información
    """),
}
