/**
 * Given and family names in many scripts. A name stands as it is shown, followed by `=` and its spelling in an email
 * address where that is not simply the name without its diacritics. Family names differ between the pools also in their
 * ASCII spelling, so that two pools never make the same email address.
 */
export interface NamePool {
  readonly given: readonly Name[];
  readonly family: readonly Name[];
  /** How the display name is put together in this language. */
  readonly order: 'given family' | 'family given' | 'familygiven';
  /** Whether a middle initial is usual, as in "Anna K. Schmidt". */
  readonly hasMiddleInitial: boolean;
}

export interface Name {
  readonly shown: string;
  readonly ascii: string;
}

export type PoolName = keyof typeof pools;

function pool(given: string, family: string, order: NamePool['order'] = 'given family'): NamePool {
  return {
    given: names(given),
    family: names(family),
    order,
    hasMiddleInitial: order === 'given family' && !given.includes('='),
  };
}

function names(text: string): Name[] {
  return text
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [shown = '', ascii] = entry.split('=');
      return { shown: shown.replaceAll('_', ' '), ascii: ascii ?? withoutDiacritics(shown) };
    });
}

const letters: Record<string, string> = { ß: 'ss', ł: 'l', ı: 'i', đ: 'd', ø: 'o', æ: 'ae', _: '', "'": '', '-': '' };

function withoutDiacritics(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[ßłıđøæ_'-]/g, (letter) => letters[letter] ?? letter);
}

export const pools = {
  english: pool(
    'Grace Oliver Amelia Noah Ruby Ethan Chloe Lucas Hannah Mason Isla Henry Zoe Samuel Freya Leo',
    "Whitfield Carter Bennett Hughes Marlowe Fletcher O'Connor Palmer Sutton Harding Blackwood Ellis Norris Prescott Langley Quinn",
  ),
  german: pool(
    'Jürgen Käthe Lukas Anneliese Björn Sabine Günther Hannelore Matthias Franziska Jörg Ulrike Stefan Heike Tobias Anja',
    'Müller Schäfer Großmann Köhler Weiß Krüger Böhm Jäger Lehmann Vogt Schröder Brandt Hübner Zimmermann Kühn Roth',
  ),
  french: pool(
    'Chloé François Aurélie Benoît Zoë Thérèse Gaëtan Inès Rémi Noémie Loïc Hélène Cédric Maëlle André Océane',
    'Lefèvre Dubois Garçon Hervé Moreau Béranger Fontaine Girard Lémery Chevalier Renaud Guérin Marchand Barthélemy Rousselle Pinçon',
  ),
  spanish: pool(
    'José María Íñigo Lucía Andrés Begoña Joaquín Inés Raúl Sofía Martín Belén Héctor Noelia Tomás Pilar',
    'Muñoz Peña Gutiérrez Ibáñez Cordón Saldaña Quiñones Núñez Vázquez Ordóñez Zúñiga Bermúdez Carreño Avilés Paredes Rincón',
  ),
  polish: pool(
    'Łukasz Małgorzata Wojciech Agnieszka Zbigniew Żaneta Paweł Świętosława Michał Grażyna Przemysław Bożena Krzysztof Elżbieta Marcin Dorota',
    'Nowak Wójcik Mazur Dąbek Gołąb Pająk Sęk Kłos Wróbel Stępień Pietrzak Jaśkiewicz Żuk Rutkiewicz Czyż Bąk',
  ),
  turkish: pool(
    'Çağla Mehmet İpek Oğuz Şule Emre Gülşen Barış Ayşe Ümit Yiğit Özge Işıl Kağan Tuğba Doğan',
    'Yılmaz Şahin Öztürk Çelik Aydın Doğruer Kılıç Aslan Özdemir Güneş Koçak Erdoğdu Türkmen Yıldırım Akgün Demirtaş',
  ),
  vietnamese: pool(
    'Hương Đức Thảo Quân Ngọc Tuấn Phượng Dũng Hạnh Khánh Trâm Bảo Yến Sơn Vân Hiếu',
    'Nguyễn_Thị Trần_Văn Lê_Minh Phạm_Thu Hoàng_Anh Vũ_Đình Đặng_Hồng Bùi_Quang Đỗ_Xuân Hồ_Gia Ngô_Thanh Dương_Kim Lý_Hải Phan_Bích Võ_Công Trịnh_Lan',
    'family given',
  ),
  greek: pool(
    'Γιώργος=giorgos Νίκος=nikos Δημήτρης=dimitris Αλέξανδρος=alexandros Κώστας=kostas Σπύρος=spyros Θανάσης=thanasis Πέτρος=petros Ηλίας=ilias Μάριος=marios Στέλιος=stelios Βασίλης=vasilis',
    'Παπαδόπουλος=papadopoulos Οικονόμου=oikonomou Γεωργίου=georgiou Νικολάου=nikolaou Αθανασίου=athanasiou Ιωάννου=ioannou Δημητρίου=dimitriou Βασιλείου=vasileiou Χατζής=chatzis Μακρής=makris Κωνσταντίνου=konstantinou Λαμπρινός=lamprinos',
  ),
  ukrainian: pool(
    'Оксана=oksana Андрій=andrii Наталія=nataliia Тарас=taras Юлія=yuliia Богдан=bohdan Дарина=daryna Остап=ostap Соломія=solomiia Микола=mykola Лариса=larysa Євген=yevhen',
    'Шевченко=shevchenko Коваленко=kovalenko Бондаренко=bondarenko Мельник=melnyk Ткаченко=tkachenko Кравчук=kravchuk Олійник=oliinyk Лисенко=lysenko Гончар=honchar Поліщук=polishchuk Марченко=marchenko Щербак=shcherbak',
  ),
  arabic: pool(
    'ليلى=layla أحمد=ahmad فاطمة=fatima يوسف=yusuf مريم=maryam خالد=khalid نور=nour عمر=omar سلمى=salma طارق=tariq هدى=huda سمير=samir',
    'حداد=haddad منصور=mansour خوري=khoury صالح=saleh العلي=alali ناصر=nasser القاسم=alqasim درويش=darwish الشامي=alshami فارس=fares رحال=rahhal الخطيب=alkhatib',
  ),
  hebrew: pool(
    'נועה=noa יונתן=yonatan תמר=tamar איתי=itay מיכל=michal אורי=uri שירה=shira דניאל=daniel רחל=rachel עידו=ido יעל=yael גיל=gil',
    'כהן=cohen לוי=levi מזרחי=mizrahi פרץ=peretz ביטון=biton אברהם=avraham פרידמן=fridman שפירא=shapira אזולאי=azulay דהן=dahan גבאי=gabay רוזן=rozen',
  ),
  chinese: pool(
    '伟=wei 芳=fang 秀英=xiuying 敏=min 静=jing 强=qiang 磊=lei 洋=yang 艳=yan 杰=jie 婷=ting 明=ming',
    '王=wang 李=li 张=zhang 刘=liu 陈=chen 杨=yang 赵=zhao 黄=huang 周=zhou 吴=wu 徐=xu 孙=sun',
    'familygiven',
  ),
  japanese: pool(
    '結衣=yui 大翔=hiroto 美咲=misaki 健太=kenta さくら=sakura 翔太=shota 陽菜=hina 直樹=naoki 真由美=mayumi 拓也=takuya 恵子=keiko 隆=takashi',
    '佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 渡辺=watanabe 伊藤=ito 山本=yamamoto 中村=nakamura 小林=kobayashi 加藤=kato 吉田=yoshida 山田=yamada',
    'family given',
  ),
  korean: pool(
    '지우=jiwoo 민준=minjun 서연=seoyeon 도윤=doyun 하은=haeun 준호=junho 수빈=subin 현우=hyunwoo 유진=yujin 성민=seongmin 은지=eunji 태영=taeyoung',
    '김=kim 이=yi 박=park 최=choi 정=jung 강=kang 조=cho 윤=yoon 장=jang 임=lim 한=han 신=shin',
    'familygiven',
  ),
  hindi: pool(
    'अनन्या=ananya रोहन=rohan प्रिया=priya अर्जुन=arjun दीपिका=deepika विक्रम=vikram कविता=kavita संजय=sanjay नेहा=neha राहुल=rahul मीरा=meera अमित=amit',
    'शर्मा=sharma वर्मा=verma गुप्ता=gupta सिंह=singh मिश्रा=mishra जोशी=joshi मेहता=mehta पटेल=patel अय्यर=iyer चौहान=chauhan त्रिपाठी=tripathi कुलकर्णी=kulkarni',
  ),
  thai: pool(
    'สมชาย=somchai มาลี=malee ณัฐพล=nattapon วรรณา=wanna ธนากร=thanakorn ปราณี=pranee กิตติ=kitti อรุณี=arunee ชัยวัฒน์=chaiwat สุดา=suda ภูมิ=phum พิมพ์=pim',
    'ศรีสุข=srisuk วงศ์ไทย=wongthai บุญมี=boonmee ทองดี=thongdee แสงทอง=saengthong รัตนกุล=rattanakul พงษ์พันธ์=phongphan ใจดี=jaidee สุวรรณ=suwan จันทร์งาม=channgam เพชรรัตน์=phetcharat มั่นคง=mankhong',
  ),
} satisfies Record<string, NamePool>;
